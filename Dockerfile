# One image for every process of the portal; which one it becomes is its command (docker-compose.yml names them).
FROM python:3.12-slim AS made

WORKDIR /opt/mydata
COPY requirements-uv.lock requirements-image.lock ./
RUN python -m venv .venv \
 && .venv/bin/python -m pip install --quiet --require-hashes -r requirements-uv.lock \
 && .venv/bin/uv pip install --python .venv/bin/python --require-hashes -r requirements-image.lock --compile-bytecode \
 && .venv/bin/python -m pip uninstall --quiet --yes uv

COPY . .
RUN MYDATA_DATA_DIR=/tmp/build MYDATA_SECRETS_DIR=/tmp/build-secrets MYDATA_STATIC_ROOT=/opt/mydata/static-collected \
    .venv/bin/python manage.py collectstatic --noinput --verbosity 0

FROM python:3.12-slim

RUN useradd --system --uid 10001 --no-create-home mydata \
 && install -d -o mydata -g mydata -m 0700 /var/lib/mydata /var/lib/mydata-secrets /var/lib/mydata-sandbox
COPY --from=made /opt/mydata /opt/mydata

WORKDIR /opt/mydata
USER mydata
ENV PATH=/opt/mydata/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MYDATA_STATIC_ROOT=/opt/mydata/static-collected
EXPOSE 8000
CMD ["gunicorn", "-c", "mydata/gunicorn_conf.py", "mydata.wsgi:application"]

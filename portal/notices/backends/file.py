"""The twin that tests read: one JSON file a message in `MYDATA_NOTICE_DIR`."""

import json
import os
import secrets
from pathlib import Path

from django.conf import settings

from portal.notices.backends.base import EVERY_CHANNEL, Message, NotDelivered


class File:
    """Write beside and rename; a message sent again replaces its own file."""

    channels = EVERY_CHANNEL

    def deliver(self, message: Message) -> None:
        """Write the message. Raises NotDelivered."""
        folder = Path(settings.NOTICE_DIR or settings.DATA_DIR)
        draft = folder / f".{secrets.token_hex(8)}"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                json.dump(message.document(), file, ensure_ascii=False, indent=2)
            draft.replace(folder / f"{message.event}.{message.channel}.json")
        except OSError as error:
            raise NotDelivered from error


BACKEND = File()

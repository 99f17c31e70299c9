// Signs with the card in this computer's reader. The PIN goes to the card component and nowhere else.

const form = document.getElementById("signature");
const status = form.querySelector("[data-status]");
const answer = form.elements.cms;

form.querySelector("[data-with-script]").hidden = false;
form.querySelector("[data-without-script]").hidden = true;

async function sign(card, pin) {
  const response = await fetch(`${form.dataset.component}/card/sign`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ card, pin, data: form.dataset.data }),
  });
  const told = await response.json();
  if (response.ok) {
    return { cms: told.cms };
  }
  const { tries, refused } = status.dataset;
  return { sentence: "tries_left" in told ? `${tries} ${told.tries_left}` : refused };
}

form.addEventListener("submit", async (event) => {
  if (answer.value !== "") {
    return;
  }
  event.preventDefault();
  const pin = document.getElementById("pin");
  status.textContent = status.dataset.working;
  try {
    const { cms, sentence } = await sign(document.getElementById("card").value.trim(), pin.value);
    if (cms) {
      answer.value = cms;
      form.submit();
      return;
    }
    status.textContent = sentence;
  } catch {
    status.textContent = status.dataset.silent;
  }
  pin.value = "";
  pin.focus();
});

// What every page does better with JavaScript: focus on errors, guard against double clicks, show a passphrase.

const vendor = "../vendor/govuk-frontend/components";
const components = [
  ["govuk-error-summary", "error-summary/error-summary.mjs", "ErrorSummary"],
  ["govuk-button", "button/button.mjs", "Button"],
  ["govuk-skip-link", "skip-link/skip-link.mjs", "SkipLink"],
  ["govuk-password-input", "password-input/password-input.mjs", "PasswordInput"],
];

export async function equip(scope) {
  for (const [module, file, name] of components) {
    const found = scope.querySelectorAll(`[data-module="${module}"]`);
    if (found.length > 0) {
      const { [name]: Component } = await import(`${vendor}/${file}`);
      found.forEach((element) => new Component(element));
    }
  }
}

document.body.classList.add("govuk-frontend-supported");
equip(document);

// What is done before the scripts are there is said again once they listen. Only where the browser
// puts nothing back by itself is another choice surely the person's: those are sent.

export function startEarly() {
  // Whoever listens before this has to be told after it: the library starts with this event, too.
  document.addEventListener("DOMContentLoaded", () => {
    for (const field of document.querySelectorAll("input:not([type=range], [type=color]), textarea")) {
      if (field.value !== field.defaultValue) tell(field, "input");
    }
    for (const field of document.querySelectorAll("form[autocomplete=off] :is(select, [type=checkbox])")) {
      if (isOther(field)) tell(field, "change");
    }
  });
}

function isOther(field) {
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  const given = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
  return field.value !== given?.value;
}

function tell(field, type) {
  field.dispatchEvent(new Event(type, { bubbles: true }));
}

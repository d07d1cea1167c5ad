import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, type Dictionary, type Entry, type Word } from "../src/i18n";
import { de } from "../src/strings/de";
import { en } from "../src/strings/en";
import { es } from "../src/strings/es";
import { fr } from "../src/strings/fr";

const words = Object.keys(en) as Word[];
const forms = (entry: Entry) => (typeof entry === "string" ? [entry] : Object.values(entry));
const names = (entry: Entry) => [...new Set(forms(entry).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();

for (const [tag, dictionary] of Object.entries({ de, es, fr }) as [string, Dictionary][]) {
  test(`${tag} says everything, with the same names to fill in`, () => {
    assert.deepEqual(Object.keys(dictionary).sort(), [...words].sort());
    for (const word of words) {
      for (const form of forms(dictionary[word])) assert.ok(form.trim(), `${tag} ${word} is empty`);
      assert.deepEqual(names(dictionary[word]), names(en[word]), `${tag} ${word}`);
    }
  });

  test(`${tag} has each plural form of its language`, () => {
    const needed = new Intl.PluralRules(tag).resolvedOptions().pluralCategories.filter((form) => form !== "many");
    for (const word of words) {
      const entry = dictionary[word];
      if (typeof entry !== "string") for (const form of needed) assert.ok(entry[form], `${tag} ${word} lacks ${form}`);
    }
  });

  test(`${tag} is a translation`, () => {
    const same = words.filter((word) => JSON.stringify(dictionary[word]) === JSON.stringify(en[word]));
    assert.ok(
      same.length < words.length / 5,
      `${tag}: ${same.length} of ${words.length} as in English: ${same.join(", ")}`,
    );
  });
}

test("fills names in, numbers as the language writes them, and chooses the plural", () => {
  assert.equal(fill({ one: "{n} file", other: "{n} files" }, { n: 1 }, "en"), "1 file");
  assert.equal(fill({ one: "{n} file", other: "{n} files" }, { n: 12_345 }, "de"), "12.345 files");
  assert.equal(fill("{what}: {missing}", { what: "<b>" }, "en"), "<b>: {missing}");
});

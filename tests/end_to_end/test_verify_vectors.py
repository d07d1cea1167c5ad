"""`croft verify` against the vectors: it agrees with stock minisign, and refuses every hostile document."""
import collections
import os
import pathlib
import unittest

from harness import CROFT, EndToEnd, run

VECTORS = pathlib.Path(__file__).resolve().parents[1] / "data/vectors"
FEED = VECTORS / "docs/feed-58"
FINGERPRINT = "49XH-7594-88BA-66D7-KJHK"


class Minisign(EndToEnd):
    def test_agrees_with_stock_minisign_on_every_case(self):
        folder = VECTORS / "minisign"
        rows = [line.split("\t") for line in (folder / "cases.tsv").read_text().splitlines() if not line.startswith("#")]
        self.assertGreater(len(rows), 20)
        for _, _, key, message, signature, _ in rows:
            stock = run("minisign", "-HVm", folder / message, "-p", folder / key, "-x", folder / signature, expect=None)
            ours = run(CROFT, "verify", folder / message, "-P", folder / key, "--sig", folder / signature, expect=None,
                       env=dict(os.environ, HOME=str(self.folder)))
            with self.subTest(signature=signature, key=key, message=message):
                self.assertEqual(stock.code == 0, ours.code == 0, ours.out + ours.err)


class HostileDocuments(EndToEnd):
    def judge(self, document):
        ran = run(CROFT, "verify", document, "--feed", FEED, "--fingerprint", FINGERPRINT, "--as-of", "2026-11-10", "--json",
                  expect=None, env=dict(os.environ, HOME=str(self.folder)))
        verdict = ran.json["verdicts"][0]
        return ran.code, verdict

    def test_refuses_each_with_its_own_reason(self):
        documents = sorted((VECTORS / "docs/neg").glob("*.json"))
        self.assertEqual(27, len(documents))
        reasons = collections.defaultdict(list)
        for document in documents:
            code, verdict = self.judge(document)
            with self.subTest(document=document.name):
                self.assertNotEqual(0, code)
                self.assertTrue(verdict["reason"])
            reasons[verdict["reason"], verdict["message"]].append(document.name)
        shared = {reason: names for reason, names in reasons.items() if len(names) > 1}
        self.assertEqual({}, shared, "two faults, one reason")

    def test_exit_codes_are_those_of_the_table(self):
        expected = {"catalogue-59-signed-by-mallory": 11, "catalogue-59-signed-by-revoked-rel1": 15, "catalogue-59-expired": 14,
                    "catalogue-58-other-content": 15, "publisher-3-one-old-root": 12, "publisher-3-same-key-twice": 12,
                    "release-path-dotdot": 1, "catalogue-59-bom": 1}
        for name, code in expected.items():
            with self.subTest(document=name):
                self.assertEqual(code, self.judge(VECTORS / "docs/neg" / f"{name}.json")[0])

    def test_accepts_what_the_feed_itself_says(self):
        for name in ("catalogue.json", "publisher.2.json", "beacon.json", "releases/demo-2.json"):
            with self.subTest(document=name):
                code, verdict = self.judge(FEED / name)
                self.assertEqual(0, code, verdict)

    def test_a_feed_never_vouches_for_itself(self):
        run(CROFT, "verify", FEED / "catalogue.json", "--feed", FEED, expect=11, env=dict(os.environ, HOME=str(self.folder)))

    def test_a_trusted_publisher_is_judged_the_same_without_the_flag(self):
        env = dict(os.environ, HOME=str(self.folder), XDG_STATE_HOME=str(self.folder / "state"))
        run(CROFT, "trust", "add", FEED, "--fingerprint", FINGERPRINT, env=env)
        for document in sorted((VECTORS / "docs/neg").glob("*.json")):
            trusted = run(CROFT, "verify", document, "--as-of", "2026-11-10", "--json", expect=None, env=env)
            with self.subTest(document=document.name):
                code, verdict = self.judge(document)
                self.assertEqual(code, trusted.code)
                self.assertEqual(verdict["reason"], trusted.json["verdicts"][0]["reason"])

    def test_refuses_the_state_before(self):
        self.assertEqual(14, self.judge(VECTORS / "docs/feed-57/catalogue.json")[0])


if __name__ == "__main__":
    unittest.main()

"""croftd and croft as processes: what every end-to-end test stands on.

Everything listens on 127.0.0.1 with ports the system chooses, lies in one temporary folder a test, and ends with it.
"""
import ctypes
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest

BUILD = pathlib.Path(os.environ["CROFT_BUILD"])
CROFT, CROFTD = BUILD / "cli" / "croft", BUILD / "daemon" / "croftd"
TESTDATA = pathlib.Path(os.environ.get("CROFT_TESTDATA", pathlib.Path(__file__).resolve().parents[3] / "shared/testdata"))
LONG = os.environ.get("CROFT_LONG") == "1"


class Failed(AssertionError):
    """A command ended otherwise than a test expected."""


class Ran:
    def __init__(self, process):
        self.code, self.out, self.err = process.returncode, process.stdout, process.stderr

    @property
    def json(self):
        return json.loads(self.out)


def run(*words, expect=0, env=None, cwd=None, timeout=120, input=None):
    """Runs a command to its end; `expect` is its exit code, or None for any."""
    process = subprocess.run([str(word) for word in words], capture_output=True, text=True, env=env, cwd=cwd,
                             timeout=timeout, input=input, stdin=subprocess.DEVNULL if input is None else None)
    ran = Ran(process)
    if expect is not None and ran.code != expect:
        raise Failed(f"{' '.join(map(str, words))}: exit {ran.code}, expected {expect}\n{ran.out}\n{ran.err}")
    return ran


def wait_for(what, condition, seconds=30):
    """Polls until `condition` gives something true, and gives that."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise Failed(f"waited {seconds} s for {what}")


def end_with_parent():
    """In the child: a test that is cut off leaves no daemon behind (prctl(2), PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Daemon:
    """One croftd with folders of its own."""

    def __init__(self, folder, *flags, launcher=()):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.launcher = launcher
        self.socket = self.folder / "run" / "croftd.sock"
        self.log = self.folder / "log"
        self.flags = flags
        self.process = None

    def start(self):
        self.launch()
        wait_for("croftd to answer", self.answers)
        return self

    def launch(self):
        command = [*self.launcher, CROFTD, "--daemon.state_dir", self.folder / "state", "--daemon.socket", self.socket,
                   "--daemon.control_listen", "127.0.0.1:0", "--mirror.roots", self.folder / "data", "--mirror.keep_free", "0",
                   "--bittorrent.listen", "127.0.0.1:0", "--bittorrent.dht", "false",
                   "--bittorrent.dht_bootstrap", "127.0.0.1:9", "--bittorrent.lsd", "false", "--bittorrent.utp", "false",
                   "--feeds.allow_private_addresses", "true", "--daemon.allow_root", "true", *self.flags]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([str(word) for word in command], stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                            env=self.environment(), start_new_session=True, preexec_fn=end_with_parent)

    def environment(self):
        return dict(os.environ, XDG_CONFIG_HOME=str(self.folder / "config"), XDG_STATE_HOME=str(self.folder / "xdg-state"),
                    HOME=str(self.folder))

    def answers(self):
        if self.process.poll() is not None:
            raise Failed(f"croftd ended with {self.process.returncode}:\n{self.log.read_text()[-4000:]}")
        return self.croft("status", expect=None).code == 0

    def croft(self, *words, **options):
        options.setdefault("env", self.environment())
        return run(CROFT, "--socket", self.socket, *words, **options)

    def api(self, path):
        return self.croft("api", "GET", path).json

    def address(self):
        return self.croft("daemon", "status", "--json").json["listening"][0]

    def releases(self):
        return {f"{r['name']}-{r['serial']}": r for r in self.croft("list", "--json").json["releases"]}

    def wait_held(self, *names, seconds=120):
        def held():
            releases = self.releases()
            for name in names:
                if releases.get(name, {}).get("state") == "failed":
                    raise Failed(f"{name} failed: {releases[name].get('problem')}")
            return all(releases.get(name, {}).get("state") == "held" for name in names)
        wait_for(f"{names} to be held", held, seconds)

    def bundle(self, name):
        return pathlib.Path(self.croft("show", name, "--json").json["folder"])

    def stop(self):
        """A clean stop, which may take 10 s."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            if self.process.wait(12) != 0:
                raise Failed(f"croftd ended with {self.process.returncode}:\n{self.log.read_text()[-4000:]}")

    def kill(self):
        """kill -9, of the whole session: a launcher such as faketime stays beside what it launched."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)


class Publisher:
    """Somebody who signs: keys and a feed, made with the real command."""

    def __init__(self, folder, name="Test Archive", single_key=False):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.feed = self.folder / "feed"
        self.croft("key", "new", "daily", "--no-password")
        if single_key:
            self.croft("publisher", "new", "--feed", self.feed, "--name", name, "--single-key", "daily")
        else:
            self.croft("key", "new", "root", "--no-password")
            self.croft("publisher", "new", "--feed", self.feed, "--name", name, "--root-key", "root", "--key", "daily")

    def croft(self, *words, **options):
        env = dict(os.environ, XDG_CONFIG_HOME=str(self.folder / "config"), XDG_STATE_HOME=str(self.folder / "state"),
                   HOME=str(self.folder))
        return run(CROFT, *words, **dict({"env": env}, **options))

    def publish(self, source, name, *more, kind="other", title=None, **options):
        return self.croft("publish", source, "--feed", self.feed, "--name", name, "--kind", kind, "--title", title or name,
                          "--licence", "CC0-1.0", "--lang", "en", "--key", "daily", *more, **options)

    def public_key(self):
        return re.search(r"RW[A-Za-z0-9+/=]{54}", self.croft("key", "show", "daily").out)[0]

    def fingerprint(self):
        """By stock tools, as the format's page tells people."""
        line = ("{ printf croft.fp/1; sha256sum publisher.1.json | cut -c1-64 | xxd -r -p; } | sha256sum | cut -c1-64 | xxd -r -p"
                " | basenc --base32hex -w0 | tr I-V JKMNPQRSTVWXYZ | cut -c1-20")
        text = run("bash", "-c", line, cwd=self.feed).out.strip()
        return "-".join(text[i:i + 4] for i in range(0, 20, 4))


class FolderServer:
    """The feed over HTTP; what it answers can be changed by `override(path) -> bytes or None`."""

    def __init__(self, folder):
        server = self
        self.override = lambda path: None
        self.requests = []

        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *arguments, **options):
                super().__init__(*arguments, directory=str(folder), **options)

            def do_GET(self):
                server.requests.append(self.path)
                body = server.override(self.path)
                if body is None:
                    return super().do_GET()
                if callable(body):
                    return body(self)
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class EndToEnd(unittest.TestCase):
    """A test with a temporary folder, and daemons that end with it."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="croft-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def daemon(self, name, *flags, **options):
        daemon = Daemon(self.folder / name, *flags, **options)
        self.addCleanup(daemon.kill)
        return daemon.start()

    def publisher(self, where="publisher", **options):
        return Publisher(self.folder / where, **options)

    def serve(self, folder):
        server = FolderServer(folder)
        self.addCleanup(server.close)
        return server

    def archive(self, name="archive", files=None):
        """A small folder to publish."""
        folder = self.folder / name
        for path, content in (files or {"README.txt": b"hello\n", "data/big.bin": bytes(range(256)) * 4000,
                                        "empty.txt": b"", "papers/\u00e9tude.txt": b"study\n"}).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        return folder


def needs(path):
    """Skips a test, saying so, where the large real data is not here."""
    return unittest.skipUnless((TESTDATA / path).exists(), f"{TESTDATA / path} is not here (CROFT_TESTDATA)")

#!/usr/bin/env python3
"""The architecture test itself: each rule, broken once in a small tree, must be complained about."""
import pathlib
import tempfile
import unittest

import check_modules

CMAKE = {
    "base": "croft_module(base SOURCES a.cpp)",
    "trust": "croft_module(trust SOURCES a.cpp DEPENDS base HIDES x)",
    "swarm": "croft_module(swarm SOURCES a.cpp\n    DEPENDS base trust)",
}


class Rules(unittest.TestCase):
    def complaints(self, name, text, cmake=None, others=()):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for module, declaration in (cmake or CMAKE).items():
                (root / "daemon" / module).mkdir(parents=True)
                (root / "daemon" / module / "CMakeLists.txt").write_text(declaration)
            for path, content in [(name, text), *others]:
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(content)
            return "\n".join(check_modules.check(root)[2])

    def test_accepts_what_is_declared(self):
        text = '#include "trust/keyring.h"\n\n#include <libtorrent/session.hpp>\n'
        self.assertEqual("", self.complaints("daemon/swarm/a.cpp", text))

    def test_refuses_an_arrow_that_is_not_declared(self):
        self.assertIn("does not declare", self.complaints("daemon/trust/a.cpp", '#include "swarm/swarm.h"\n'))

    def test_refuses_a_cycle(self):
        cmake = dict(CMAKE, base="croft_module(base SOURCES a.cpp DEPENDS swarm)")
        self.assertIn("cycle", self.complaints("daemon/base/a.cpp", "", cmake))

    def test_refuses_third_party_headers_of_others(self):
        self.assertIn("belongs to", self.complaints("daemon/trust/a.cpp", "#include <libtorrent/session.hpp>\n"))

    def test_refuses_third_party_headers_in_public_headers(self):
        text = "#pragma once\n#include <libtorrent/fwd.hpp>\n"
        user = [("daemon/main.cpp", '#include "swarm/a.h"\n')]
        self.assertIn("shows in a public header", self.complaints("daemon/swarm/a.h", text, others=user))
        self.assertEqual("", self.complaints("daemon/swarm/a.h", text), "nobody outside sees it")

    def test_refuses_clocks_and_files_in_the_core(self):
        self.assertIn("does without", self.complaints("daemon/trust/a.cpp", "#include <filesystem>\n"))
        clock = "auto t = std::chrono::system_clock::now();\n"
        self.assertIn("told the time", self.complaints("daemon/trust/a.cpp", clock))

    def test_refuses_headers_that_nobody_owns(self):
        self.assertIn("nobody owns", self.complaints("daemon/swarm/a.cpp", "#include <left/pad.hpp>\n"))
        self.assertIn("nobody's header", self.complaints("daemon/swarm/a.cpp", '#include "util/helper.h"\n'))

    def test_refuses_signing_outside_of_publish(self):
        self.assertIn("belongs to", self.complaints("cli/commands/verify.cpp", "#include <sodium.h>\n"))
        self.assertEqual("", self.complaints("cli/publish/sign.cpp", "#include <sodium.h>\n"))

    def test_keeps_the_command_and_the_daemon_apart(self):
        self.assertIn("reaches up", self.complaints("daemon/swarm/a.cpp", '#include "cli/output.h"\n'))
        self.assertIn("does not declare", self.complaints("cli/commands/get.cpp", '#include "swarm/swarm.h"\n'))

    def test_keeps_private_headers_private(self):
        text = '#include "trust/secret_impl.h"\n'
        self.assertIn("private", self.complaints("daemon/swarm/a.cpp", text))
        self.assertEqual("", self.complaints("daemon/trust/a.cpp", text))


if __name__ == "__main__":
    unittest.main()

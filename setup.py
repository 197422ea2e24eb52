"""How the native modules of pyproject.toml are compiled: small, and without a trace of where that was done.

They are copied into builds, which tell of no machine and no user.
"""

import sys

from setuptools import setup
from setuptools.command.build_ext import build_ext

_STRIPPED = {"linux": ["-Wl,-s"], "darwin": ["-Wl,-x"]}


class NativeModules(build_ext):
    def build_extensions(self) -> None:
        if self.compiler.compiler_type == "unix":
            # Where this Python lies stands there: a module does not need it, and it is a private path.
            self.compiler.linker_so = [one for one in self.compiler.linker_so if "-rpath" not in one]
            for one in self.extensions:
                one.extra_compile_args.append("-g0")
                one.extra_link_args.extend(_STRIPPED.get(sys.platform, []))
        super().build_extensions()


setup(cmdclass={"build_ext": NativeModules})

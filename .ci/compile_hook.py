"""Compile the package when it is installed in editable mode, as pip does for every other install.

Without this an editable install under PYTHONDONTWRITEBYTECODE (usual in containers) would compile all
of cnncalc anew at every start.
"""

import compileall
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileHook(BuildHookInterface):
    PLUGIN_NAME = "custom"

    def initialize(self, version, build_data):
        if version == "editable":
            compileall.compile_dir(Path(self.root, "cnncalc"), quiet=2)

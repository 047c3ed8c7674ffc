"""The script that packs the plugin, as a module."""

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from types import ModuleType

from .servers import ROOT


def packer() -> ModuleType:
    loader = SourceFileLoader("plugin_zip", str(ROOT / "scripts/plugin-zip"))
    spec = spec_from_loader("plugin_zip", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module

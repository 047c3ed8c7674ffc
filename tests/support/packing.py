"""Scripts of the repository as modules, the one that packs the plugin first of all."""

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from types import ModuleType

from .servers import ROOT


def packer() -> ModuleType:
    return script("plugin-zip")


def script(name: str) -> ModuleType:
    """Return a script of the repository as a module."""
    loader = SourceFileLoader(name.replace("-", "_"), str(ROOT / "scripts" / name))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module

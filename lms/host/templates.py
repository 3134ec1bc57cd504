"""Templates of plugins: each plugin answers for names that begin with its own, and for no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from flask import Flask
from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, TemplateNotFound

Uptodate = Callable[[], bool] | None


class PluginTemplates(BaseLoader):
    """Finds `<plugin>/page.html` in the plugin's own `templates/<plugin>/page.html`."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._loaders = {name: FileSystemLoader(folder) for name, folder in folders.items()}

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Uptodate]:
        """The source of a template; raises `TemplateNotFound`."""
        plugin, _slash, rest = template.partition("/")
        if plugin not in self._loaders or not rest:
            raise TemplateNotFound(template)
        return self._loaders[plugin].get_source(environment, template)

    def list_templates(self) -> list[str]:
        """The names of all templates the plugins bring."""
        return sorted(
            template
            for plugin, loader in self._loaders.items()
            for template in loader.list_templates()
            if template.startswith(f"{plugin}/")
        )


def add_templates(app: Flask, folders: Mapping[str, Path]) -> None:
    """Look for templates in `folders` (plugin -> its `templates`) after the core's own."""
    loaders = [PluginTemplates({n: f for n, f in folders.items() if f.is_dir()})]
    own = app.jinja_loader
    app.jinja_loader = ChoiceLoader([*([own] if own else []), *loaders])

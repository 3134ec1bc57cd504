"""The plugin host: discovery, guarded import, guarded calls, quarantine."""

from lms.host.host import PluginHost, ask_others, current_host, end_process
from lms.host.records import Attempt, Contribution, Owned, PluginFailure, PluginRecord, PluginReport

__all__ = [
    "Attempt",
    "Contribution",
    "Owned",
    "PluginFailure",
    "PluginHost",
    "PluginRecord",
    "PluginReport",
    "ask_others",
    "current_host",
    "end_process",
]

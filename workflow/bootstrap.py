"""The only place that picks adapters: from settings to a project that the steps can work on."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from workflow import locales
from workflow.adapters.argos.devices import AskedDevice
from workflow.adapters.argos.engine import ArgosEngine
from workflow.adapters.argos.models import Models
from workflow.adapters.argos.probing import probe_package
from workflow.adapters.argos.store import ArgosStore
from workflow.adapters.argos.tuner import Tuner
from workflow.adapters.argos.tuning import NAME as TUNING
from workflow.adapters.argos.tuning import TuningFile
from workflow.adapters.bundles.folder import BundleFolder
from workflow.adapters.digest import DigestFormat
from workflow.adapters.markdown import MarkdownFormat
from workflow.adapters.pofile.compiled import MoCompiler
from workflow.adapters.pofile.copies import PoCopies
from workflow.adapters.pofile.store import FileCatalogStore
from workflow.adapters.program import program
from workflow.adapters.pseudo.engine import PseudoEngine
from workflow.adapters.sqlite.connection import Database
from workflow.adapters.sqlite.history import SqliteHistory
from workflow.adapters.sqlite.ledger import SqliteLedger
from workflow.adapters.sqlite.memory import SqliteMemory
from workflow.adapters.sqlite.reviews import SqliteReviews
from workflow.adapters.sqlite.segment_cache import SqliteSegmentCache
from workflow.adapters.sqlite.traces import SqliteTraces
from workflow.bootstrap_publishing import open_keys, open_withdrawals, publishing
from workflow.errors import OutsideError, Place, PolypressError
from workflow.glossary import Glossary, parse
from workflow.glossary_file import MOST_BYTES
from workflow.model import DecodeParameters
from workflow.ports import CollectionSpec, ContentFormat
from workflow.ports.traces import Lookout
from workflow.presets import Preset, parameters_of
from workflow.settings import CollectionTable, EngineTable, RoutesTable, Settings, load
from workflow.steps.exchange import Exchange
from workflow.steps.project import Collection, Project
from workflow.steps.remembered import RememberedCatalogs

DATABASE = "var/polypress.db"
GLOSSARY = "locales/glossary.csv"


class SystemClock:
    """Implements `ports.Clock` with the machine's clock."""

    def now(self) -> str:
        """The present in UTC, to the second."""
        return datetime.fromtimestamp(int(time.time()), tz=UTC).isoformat()


def open_project(
    root: Path,
    settings: Settings | None = None,
    *,
    patience: float = 10.0,
    preset: Preset | None = None,
    pseudo: bool = False,
) -> Project:
    """The project in a folder with its real adapters. Raises SettingsError.

    `patience` is how many seconds a catalog's lock is waited for; `preset` goes before that of the
    settings; with `pseudo` the engine makes pseudo text.
    """
    settings = settings or load(root)
    database = Database(root / DATABASE)
    files = _catalog_files(root, settings, patience)
    return Project(
        root=root,
        name=settings.project.name,
        source=settings.project.source,
        locales=settings.project.locales,
        collections=_collections(settings),
        policy=settings.publish.policy,
        parameters=_parameters(settings.engine, preset),
        catalogs=RememberedCatalogs(files, SqliteHistory(database)),
        compiler=MoCompiler(plural_forms=locales.plural_forms),
        engine=PseudoEngine() if pseudo else _engine(root, settings),
        memory=SqliteMemory(database),
        cache=SqliteSegmentCache(database),
        bundles=BundleFolder(root / settings.publish.path),
        clock=SystemClock(),
        glossary=open_glossary(root),
        pseudo=pseudo,
        lookout=Lookout(SqliteTraces(database), files.standing, partial(_rules, root, settings)),
        publishing=publishing(settings.publish),
        keys=open_keys(root, settings.publish),
        withdrawn=open_withdrawals(root).read(),
    )


def open_glossary(root: Path) -> Glossary:
    """The glossary of the project in a folder, empty if there is none.

    Raises SettingsError with the line for a file that is not sound, OutsideError for one that
    cannot be read: without its terms a command would publish wrong names.
    """
    try:
        with (root / GLOSSARY).open("rb") as file:
            return parse(file.read(MOST_BYTES + 1), GLOSSARY)
    except FileNotFoundError:
        return Glossary()
    except OSError as error:
        what = f"the glossary cannot be read: {error.strerror}"
        raise OutsideError(what, place=Place(path=GLOSSARY)) from error


def _catalog_files(root: Path, settings: Settings, patience: float) -> FileCatalogStore:
    return FileCatalogStore(
        root,
        plural_forms=locales.plural_forms,
        name=settings.project.name,
        patience=patience,
    )


def _rules(root: Path, settings: Settings) -> str:
    """What drafts depend on besides the project's files: the program, its packages, their use.

    Not where any of it lies: the project's folder has another name for each who calls it.
    """
    try:
        found = ArgosStore(root / settings.models.path).installed()
        packages = repr([(package.ref, package.traits) for package in found])
    except PolypressError as error:
        packages = str(error)
    return "\n".join([program(), packages, repr(settings.routes), repr(settings.engine)])


def open_exchange(root: Path) -> Exchange:
    """The project in a folder with what its catalogs go out and come back by."""
    settings = load(root)
    project = open_project(root, settings)
    history = SqliteHistory(Database(root / DATABASE))
    return Exchange(project, history, open_copies(settings.project.name))


def open_copies(name: str = "Polypress") -> PoCopies:
    """The writer and reader of catalogs that leave the house; no project is needed."""
    return PoCopies(name=name, plural_forms=locales.plural_forms)


def open_ledger(root: Path) -> SqliteLedger:
    """The ledger of the project in a folder; nothing is read yet."""
    return SqliteLedger(Database(root / DATABASE))


def open_reviews(root: Path) -> SqliteReviews:
    """What reviewers said in the project in a folder; nothing is read yet."""
    return SqliteReviews(Database(root / DATABASE))


def open_models(root: Path, settings: Settings | None = None) -> Models:
    """The installed packages of a project. Raises SettingsError."""
    settings = settings or load(root)
    index = settings.models.index
    if index and "://" not in index:
        index = str(root / index)
    store = ArgosStore(root / settings.models.path, probe=probe_package)
    return Models(store, index=index)


def open_engine(
    folder: Path,
    *,
    replicas: int | None,
    memory: int | None,
    device: AskedDevice = "auto",
    routes: RoutesTable | None = None,
) -> ArgosEngine:
    """The engine over a folder of installed packages; no project is needed.

    `replicas` is how many batches are decoded at a time (None: what was tuned, else one for each
    core), `memory` how many bytes packages may take (None: no limit; see `memory_limit`). What
    `polypress models tune` found lies beside the packages.
    """
    routes = routes or RoutesTable()
    return ArgosEngine(
        ArgosStore(folder),
        codes=routes.codes,
        pivots=routes.via,
        replicas=replicas,
        memory=memory,
        device=device,
        tuning=TuningFile(folder / TUNING),
    )


def open_tuner(root: Path, parameters: DecodeParameters, settings: Settings | None = None) -> Tuner:
    """What tries a project's packages, with these parameters. Raises SettingsError."""
    settings = settings or load(root)
    folder = root / settings.models.path
    device = settings.engine.device
    return Tuner(ArgosStore(folder), TuningFile(folder / TUNING), parameters, device)


def memory_limit(table: EngineTable | None = None) -> int | None:
    """The bytes that packages may take: the setting, or its default without a project."""
    return (table or EngineTable()).memory * 2**20 or None


def _engine(root: Path, settings: Settings) -> ArgosEngine:
    return open_engine(
        root / settings.models.path,
        replicas=settings.engine.threads or None,
        memory=memory_limit(settings.engine),
        device=settings.engine.device,
        routes=settings.routes,
    )


def _parameters(table: EngineTable, preset: Preset | None) -> DecodeParameters:
    return parameters_of(
        preset or table.preset, beam_size=table.beam_size, length_penalty=table.length_penalty
    )


def _collections(settings: Settings) -> tuple[Collection, ...]:
    return tuple(
        Collection(_spec(name, table), table.domain or name, _format(table.format))
        for name, table in settings.collections.items()
    )


def _spec(name: str, table: CollectionTable) -> CollectionSpec:
    fields = table.fields if table.format == "markdown" else ("body",)
    formats = tuple(sorted(table.formats.items()))
    return CollectionSpec(name, table.path, table.format, fields, table.notes, formats)


def _format(name: str) -> ContentFormat:
    formats: dict[str, ContentFormat] = {"markdown": MarkdownFormat(), "digest": DigestFormat()}
    return formats[name]

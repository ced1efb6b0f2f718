"""Requests that schemathesis makes from the schema of the endpoint, and what is answered.

CI sends some requests to each path. `make schemathesis` sends CASES of them, with another SEED if you like.
"""

import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import DIALOGUE

pytestmark = pytest.mark.slow
CASES = int(os.environ.get("MEDSUM_SCHEMATHESIS_CASES", "10"))
SEED = int(os.environ.get("MEDSUM_SCHEMATHESIS_SEED", "1"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
FEW = settings(
    max_examples=CASES, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False
)
Case = Any  # schemathesis has no public name for it


@pytest.fixture(scope="module")
def endpoint_schema(address: str) -> Any:
    """The schema that the endpoint offers."""
    return schemathesis.openapi.from_url(f"{address}/v1/openapi.json")


def texts_of(value: Any) -> Iterator[str]:
    """Yield the texts in a JSON value that are long enough to be recognised."""
    if isinstance(value, str) and len(value) > 11:
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts_of(one)


def require_no_text(body: Any, answer: str) -> None:
    """Fail if an error quotes the request."""
    assert "Traceback" not in answer
    for text in texts_of(body):
        assert text not in answer
        assert json.dumps(text)[1:-1] not in answer


def with_dialogue(body: Any) -> Any:
    """The request with the name of the served model and a dialogue, so that more of them reach the model."""
    if not isinstance(body, dict):
        return body
    if isinstance(body.get("model"), str) and len(body["model"]) % 4:
        body["model"] = "serving"
    for message in body["messages"] if isinstance(body.get("messages"), list) else ():
        if isinstance(message, dict) and isinstance(message.get("content"), str) and len(message["content"]) % 2:
            message["content"] = f"{DIALOGUE}\n{message['content']}"
    return body


def each_request(schema: Any, test: Callable[[Case], None]) -> None:
    """Make CASES requests for each operation of a schema, and test each of them."""
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 3
    for operation in operations:
        seed(SEED)(FEW(given(case=operation.as_strategy())(lambda case: test(case))))()


def test_each_answer_of_the_endpoint_fits_its_schema(endpoint_schema: Any) -> None:
    def fits(case: Case) -> None:
        case.body = with_dialogue(case.body)
        answer = case.call(timeout=120)
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code >= 400:
            require_no_text(case.body, answer.text)

    each_request(endpoint_schema, fits)

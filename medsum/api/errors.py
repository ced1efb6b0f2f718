"""Make the answers to refused requests. Each answer has one sentence, in the form that the client reads.

Clients of OpenAI's API and clients of FHIR read different forms.
"""

from typing import Any, Final

from starlette.responses import JSONResponse, Response

FHIR_PATH: Final = "/v1/fhir"
FHIR_JSON = "application/fhir+json"
RETRY_SECONDS = "10"
_ISSUES = {400: "invalid", 401: "login", 403: "forbidden", 404: "not-found", 405: "not-supported", 408: "timeout",
           413: "too-long", 422: "invalid", 503: "throttled"}  # fmt: skip


class ApiError(Exception):
    """A status and a sentence without patient text.

    `param` is the name of the wrong field in the request. `code` is an error code of OpenAI's API, such as
    `model_not_found`.
    """

    def __init__(self, status: int, sentence: str, param: str | None = None, code: str | None = None) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.param, self.code = status, sentence, param, code


def error_body(status: int, sentence: str, param: str | None = None, code: str | None = None) -> dict[str, Any]:
    """Return the body of an error in the form that OpenAI's clients read."""
    kind = "server_error" if status >= 500 else "invalid_request_error"
    if status == 401:
        code = "invalid_api_key"
    return {"error": {"message": sentence, "type": kind, "param": param, "code": code}}


def operation_outcome(status: int, sentence: str) -> dict[str, Any]:
    """Return the body of an error as a FHIR OperationOutcome."""
    issue = {"severity": "error", "code": _ISSUES.get(status, "exception"), "diagnostics": sentence}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def refusal(path: str, status: int, sentence: str, param: str | None = None, code: str | None = None) -> Response:
    """Return the answer to a refused request, in the form of its path (FHIR or OpenAI)."""
    headers = {}
    if status == 503:
        headers["retry-after"] = RETRY_SECONDS
    if status == 401:
        headers["www-authenticate"] = 'Basic realm="medsum", charset="UTF-8"'
    if path.rstrip("/") == FHIR_PATH:
        return JSONResponse(operation_outcome(status, sentence), status, headers, FHIR_JSON)
    return JSONResponse(error_body(status, sentence, param, code), status, headers)

"""Make a page of the OpenAPI description. FastAPI's own pages load scripts from other servers, so they are not used."""

from typing import Any

import jinja2

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ api.info.title }}</title>
<style>body { font: 1rem/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
code { background: #eee; color: #111; padding: 0 .2em }
td, th { text-align: left; vertical-align: top; padding: .2em 1em .2em 0 }
</style></head><body>
<h1>{{ api.info.title }}</h1>
<p>{{ api.info.description }} <a href="/v1/openapi.json">openapi.json</a> is the same description for programs.</p>
{% for path, methods in api.paths.items() %}{% for method, facts in methods.items() %}
<h2><code>{{ method | upper }} {{ path }}</code></h2>
<p>{{ facts.description or facts.summary }}</p>
{% for one in facts.parameters %}
<p>In the {{ one["in"] }}, <code>{{ one.name }}</code>: {{ one.description or "" }}</p>
{% endfor %}{% for kind, body in (facts.requestBody or {}).get("content", {}).items() %}
<p>Body: {{ kind }} <code>{{ (body.schema["$ref"] or "").rpartition("/")[2] }}</code></p>
{% endfor %}{% endfor %}{% endfor %}
{% for name, schema in api.components.schemas.items() %}
<h2><code>{{ name }}</code></h2>
<p>{{ schema.description or "" }}</p>
<table><tr><th>field</th><th>required</th><th>meaning</th></tr>
{% for field, facts in (schema.properties or {}).items() %}
<tr><td><code>{{ field }}</code></td><td>{{ "yes" if field in (schema.required or []) else "" }}</td>
<td>{{ facts.description or "" }}</td></tr>
{% endfor %}</table>
{% endfor %}
</body></html>
"""


def docs_html(api: dict[str, Any]) -> str:
    """Return the page of an OpenAPI description. The page loads no other files."""
    return jinja2.Environment(autoescape=True).from_string(_PAGE).render(api=api)

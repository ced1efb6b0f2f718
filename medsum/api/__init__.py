"""The HTTP endpoint for other programs: OpenAI's chat completions, and FHIR."""

"""The HTTP endpoint for other programs. It understands OpenAI's chat completions and FHIR."""

"""The endpoint that other programs speak to: OpenAI's chat completions, and FHIR."""

"""Find, count, mask or refuse identifiers of people in a text. The rules do not find every identifier."""

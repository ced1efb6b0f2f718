"""Find, count, mask or refuse identifiers of people in a text. The rules are an aid and not a certificate."""

"""Find, count, mask or refuse identifiers of people in a text. The rules are an aid. They certify nothing."""

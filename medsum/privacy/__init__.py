"""What may identify a person in a text: found by rule, counted, masked or refused. An aid, and no certificate."""

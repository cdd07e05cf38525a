"""The one door to Argos: its packages, its tokenizers, and CTranslate2 that decodes them."""

"""IBM's Granite Speech 4.1 models: base, Plus and NAR, on torch and parts of transformers."""

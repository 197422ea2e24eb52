"""The App model: the waist of the compiler. Frontends make it, passes enrich it, codegen reads it."""

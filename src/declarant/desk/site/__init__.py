"""How every page of a desk looks and feels: frame, parts, forms, plots, and what browsers may load.

Other rooms use `navigation.register` to stand in the menu, `htmx` to answer small requests,
`tables`, `parts` and the template library `desk` to show what they hold, and `policy` in settings.
"""

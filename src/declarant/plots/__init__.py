"""Pictures of what was worked out: one Vega-Lite specification for the page and for paper.

`render` turns a specification into SVG or PNG without a network, with the fonts of the product;
`fan_chart` draws a forecast. A picture never says more than the table beside it, and never tells
two things apart by colour alone.
"""

"""What hangs together: readers of fabrics and inventories, the fabric, and its assessment.

    fabric = Fabric.join([read_file(Path("links.csv")), read_file(Path("machines.csv"))])
    result = assess(fabric, Limits(operations_per_second=..., link_bits_per_second=...))

`Fabric.join` takes observations, or `Evidence` (an observation with site, status and assumed
devices); `declared_machines` stands for machines that no file describes.
"""

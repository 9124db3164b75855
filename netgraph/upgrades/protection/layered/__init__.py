"""The ring program on links, cables and spans: what a route can really ride on, and where it joins.

A link of today is ridden from office to office, a cable with spare cores from one termination to
the other; anywhere else a route needs a new cable in the spans, at its price, or new plant. That is
how works are drawn up and paid for, so that a bound of this program is a bound of the works.
"""

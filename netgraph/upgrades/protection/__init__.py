"""Ring protection by new plant: the least-cost builds with which sites survive any one risk."""

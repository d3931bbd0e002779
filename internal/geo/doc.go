// Package geo knows where things are: positions and their datums, areas,
// geodesic circles, H3 covers and administrative regions (行政区划).
//
// # Conventions
//
// Every stored or computed coordinate is WGS 84, in degrees. In memory a
// position has named fields ([LonLat]); in storage and in orb geometries
// longitude comes before latitude. Lengths are metres, areas square
// kilometres. An edge between two vertices is a straight line in
// longitude/latitude, as PostGIS `geometry` takes it, not a great circle.
// Positions that arrive in GCJ-02 or BD-09 have types of their own, which only
// lead to WGS 84 through a conversion.
//
// # H3
//
// H3 is an index, never the judge: a site is matched by an area if and only if
// ST_Intersects says so.
//
//   - resolution 5 (about 250 km², 8.5 km to the corner): weather grids and
//     heat maps of the province;
//   - resolution 7 (about 5 km², 1.2 km): the key the matcher reads, and the
//     order of the heap;
//   - resolution 9 (about 0.1 km², 0.17 km): clustering on the map.
//
// Three traps, each seen with wrong answers:
//
//   - The hierarchy is not geometry. For 6–7 % of all points the cell at
//     resolution 7 is not the parent of the cell at resolution 9, so every key
//     column comes from its own call of [CellAt], and a [Cover] may only be
//     compared with keys of its own resolution.
//   - A cell's drawn edge is not its edge. H3 decides along great circles and
//     draws straight lines; between the two lie up to 2.9 cm at resolution 7.
//     [CoverArea] therefore treats a cell as boundary when an edge of the area
//     comes within twice that gap.
//   - Children stick out of their parent, so a walk down the hierarchy must
//     look beyond the parent's drawn outline.
package geo

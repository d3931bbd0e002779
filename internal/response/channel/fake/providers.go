package fake

// providers open the doors of the protocols, one line for each.
var providers = []func(*Carrier){}

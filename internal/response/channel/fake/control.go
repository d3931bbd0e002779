package fake

func (c *Carrier) serveControl() {}

// An HTML5 parser: what a browser would make of a page.
#ifndef CGUMBO_SHIM_H
#define CGUMBO_SHIM_H

#include <gumbo.h>

#endif

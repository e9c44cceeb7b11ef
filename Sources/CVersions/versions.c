#include "CVersions.h"

#include <cairo/cairo.h>
#include <cmark-gfm.h>
#include <microhttpd.h>
#include <oneapi/dnnl/dnnl.h>
#include <openssl/crypto.h>
#include <png.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>
// Behind stdio, which it needs.
#include <jpeglib.h>

// OpenBLAS's own header is not where every system has its others.
char *openblas_get_config(void);

#define TEXT_OF(macro) #macro
#define TEXT(macro) TEXT_OF(macro)

static void say(struct library_version *library, const char *name, const char *version)
{
    library->name = name;
    snprintf(library->version, sizeof library->version, "%s", version);
}

size_t library_versions(struct library_version *list, size_t room)
{
    struct library_version all[9];
    size_t count = 0;
    say(&all[count++], "cairo", cairo_version_string());
    say(&all[count++], "cmark-gfm", cmark_version_string());
    say(&all[count++], "libjpeg-turbo", TEXT(LIBJPEG_TURBO_VERSION)); // no function tells it
    say(&all[count++], "libmicrohttpd", MHD_get_version());
    say(&all[count++], "libpng", png_get_libpng_ver(NULL));

    char number[40];
    const dnnl_version_t *dnnl = dnnl_version();
    snprintf(number, sizeof number, "%d.%d.%d", dnnl->major, dnnl->minor, dnnl->patch);
    say(&all[count++], "oneDNN", number);

    // OpenBLAS 0.3.21 DYNAMIC_ARCH ...
    snprintf(number, sizeof number, "%s", openblas_get_config());
    char *version = strchr(number, ' ');
    version = version ? version + 1 : number;
    version[strcspn(version, " ")] = 0;
    say(&all[count++], "OpenBLAS", version);

    say(&all[count++], "OpenSSL", OpenSSL_version(OPENSSL_VERSION_STRING));
    say(&all[count++], "zlib", zlibVersion());
    memcpy(list, all, (room < count ? room : count) * sizeof *list);
    return count;
}

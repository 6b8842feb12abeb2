#pragma once

/// All of the library: see README.md.

#include "tracery/client.h"     // IWYU pragma: export
#include "tracery/decode.h"     // IWYU pragma: export
#include "tracery/error.h"      // IWYU pragma: export
#include "tracery/kernel.h"     // IWYU pragma: export
#include "tracery/listing.h"    // IWYU pragma: export
#include "tracery/negotiate.h"  // IWYU pragma: export
#include "tracery/translate.h"  // IWYU pragma: export
#include "tracery/watch.h"      // IWYU pragma: export

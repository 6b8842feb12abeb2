// The peer of the compile benchmark: libtraceevent parsing the formats of one kernel.
//
//   cc -O2 $(pkg-config --cflags libtraceevent) -o parse_formats parse_formats.c $(pkg-config --libs libtraceevent)
//   parse_formats FORMATS
//
// FORMATS holds, for each format file, a line "SYSTEM SIZE" and then SIZE bytes. All of it is loaded before anything is
// measured. For each line on standard input all formats are parsed once, into a new handle, and the answer is a line
// "NANOSECONDS PARSED". Freeing is not measured.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <event-parse.h>

struct format {
	char system[256];
	char *text;
	unsigned long size;
};

static struct format *formats;
static size_t format_count;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void load(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct format next;

	if (!file)
		fail(path);
	while (fscanf(file, "%255s %lu", next.system, &next.size) == 2 && fgetc(file) == '\n') {
		next.text = malloc(next.size + 1);
		formats = realloc(formats, (format_count + 1) * sizeof(*formats));
		if (!next.text || !formats)
			fail("malloc");
		if (fread(next.text, 1, next.size, file) != next.size)
			fail(path);
		next.text[next.size] = 0;
		formats[format_count++] = next;
	}
	if (!feof(file) || !format_count) {
		fprintf(stderr, "%s: not a list of formats\n", path);
		exit(1);
	}
	fclose(file);
}

static struct tep_handle *new_handle(void)
{
	struct tep_handle *tep = tep_alloc();

	if (!tep)
		fail("tep_alloc");
	tep_set_loglevel(TEP_LOG_NONE);
	tep_set_page_size(tep, 4096);
	tep_set_long_size(tep, 8);
	tep_set_file_bigendian(tep, TEP_LITTLE_ENDIAN);
	return tep;
}

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void parse_all(void)
{
	struct tep_handle *tep = new_handle();
	size_t parsed = 0;
	long long start = now();

	for (size_t i = 0; i < format_count; i++)
		parsed += tep_parse_event(tep, formats[i].text, formats[i].size, formats[i].system) == TEP_ERRNO__SUCCESS;
	printf("%lld %zu\n", now() - start, parsed);
	tep_free(tep);
}

int main(int argc, char **argv)
{
	char line[64];

	if (argc != 2) {
		fprintf(stderr, "usage: %s FORMATS\n", argv[0]);
		return 2;
	}
	load(argv[1]);
	while (fgets(line, sizeof(line), stdin)) {
		parse_all();
		fflush(stdout);
	}
	return 0;
}

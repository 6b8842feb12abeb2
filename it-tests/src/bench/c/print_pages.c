// The peer of the translate benchmark: libtraceevent printing the records of ring-buffer pages.
//
//   cc -O2 $(pkg-config --cflags libtraceevent) -o print_pages print_pages.c $(pkg-config --libs libtraceevent)
//   print_pages FORMAT SYSTEM PAGES
//
// FORMAT is the format file of the event that the pages have, PAGES are pages of 4096 bytes of a little-endian 64-bit
// kernel. All of it is loaded before anything is measured. For each line on standard input every record is printed into
// memory once, with the columns of `trace-cmd report`, and the answer is a line "NANOSECONDS RECORDS BYTES", the
// nanoseconds being those of the thread.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <event-parse.h>
#include <kbuffer.h>
#include <trace-seq.h>

#define PAGE 4096

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static char *load(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	char *content;
	long length;

	if (!file || fseek(file, 0, SEEK_END) || (length = ftell(file)) < 0)
		fail(path);
	rewind(file);
	content = malloc(length + 1);
	if (!content || fread(content, 1, length, file) != (size_t)length)
		fail(path);
	content[length] = 0;
	*size = length;
	fclose(file);
	return content;
}

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void print_all(struct tep_handle *tep, struct kbuffer *kbuffer, struct trace_seq *text, char *pages, size_t size)
{
	size_t records = 0, bytes = 0;
	long long start = now();

	for (size_t at = 0; at + PAGE <= size; at += PAGE) {
		unsigned long long time;
		void *data;

		kbuffer_load_subbuffer(kbuffer, pages + at);
		for (data = kbuffer_read_event(kbuffer, &time); data; data = kbuffer_next_event(kbuffer, &time)) {
			struct tep_record record = {
				.ts = time, .size = kbuffer_event_size(kbuffer), .data = data, .cpu = 0, .ref_count = 1,
			};

			trace_seq_reset(text);
			tep_print_event(tep, text, &record, "%16s-%-5d [%03d] %6.1000d: %-20s: %s\n", TEP_PRINT_COMM, TEP_PRINT_PID,
					TEP_PRINT_CPU, TEP_PRINT_TIME, TEP_PRINT_NAME, TEP_PRINT_INFO);
			records++;
			bytes += text->len;
		}
	}
	printf("%lld %zu %zu\n", now() - start, records, bytes);
}

int main(int argc, char **argv)
{
	struct tep_handle *tep = tep_alloc();
	struct kbuffer *kbuffer = kbuffer_alloc(KBUFFER_LSIZE_8, KBUFFER_ENDIAN_LITTLE);
	struct trace_seq text;
	size_t format_size, pages_size;
	char *format, *pages;
	char line[64];

	if (argc != 4) {
		fprintf(stderr, "usage: %s FORMAT SYSTEM PAGES\n", argv[0]);
		return 2;
	}
	if (!tep || !kbuffer)
		fail("tep_alloc");
	trace_seq_init(&text);
	tep_set_page_size(tep, PAGE);
	tep_set_long_size(tep, 8);
	tep_set_file_bigendian(tep, TEP_LITTLE_ENDIAN);
	format = load(argv[1], &format_size);
	pages = load(argv[3], &pages_size);
	if (tep_parse_event(tep, format, format_size, argv[2]) != TEP_ERRNO__SUCCESS) {
		fprintf(stderr, "%s: not parsed\n", argv[1]);
		return 1;
	}
	while (fgets(line, sizeof(line), stdin)) {
		print_all(tep, kbuffer, &text, pages, pages_size);
		fflush(stdout);
	}
	return 0;
}

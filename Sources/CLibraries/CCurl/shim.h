// Only what Swift cannot say for itself.
// The header's checks of types are macros for options that are constants, which they are not here.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

// curl_easy_setopt and curl_easy_getinfo are variadic, which Swift cannot call.
static inline CURLcode pv_curl_set_number(CURL *transfer, CURLoption option, long number) {
    return curl_easy_setopt(transfer, option, number);
}
static inline CURLcode pv_curl_set_text(CURL *transfer, CURLoption option, const char *text) {
    return curl_easy_setopt(transfer, option, text);
}
static inline CURLcode pv_curl_set_headers(CURL *transfer, struct curl_slist *headers) {
    return curl_easy_setopt(transfer, CURLOPT_HTTPHEADER, headers);
}
// The bytes are sent from where they lie, so they have to stay there until the transfer ends. Without any pointer libcurl
// would read from the standard input.
static inline CURLcode pv_curl_set_body(CURL *transfer, const void *bytes, size_t count) {
    CURLcode code = curl_easy_setopt(transfer, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    return code != CURLE_OK ? code : curl_easy_setopt(transfer, CURLOPT_POSTFIELDS, count == 0 ? "" : bytes);
}
static inline CURLcode pv_curl_on_header(CURL *transfer, curl_write_callback receive, void *context) {
    CURLcode code = curl_easy_setopt(transfer, CURLOPT_HEADERDATA, context);
    return code != CURLE_OK ? code : curl_easy_setopt(transfer, CURLOPT_HEADERFUNCTION, receive);
}
static inline CURLcode pv_curl_on_body(CURL *transfer, curl_write_callback receive, void *context) {
    CURLcode code = curl_easy_setopt(transfer, CURLOPT_WRITEDATA, context);
    return code != CURLE_OK ? code : curl_easy_setopt(transfer, CURLOPT_WRITEFUNCTION, receive);
}
static inline CURLcode pv_curl_get_number(CURL *transfer, CURLINFO which, long *number) {
    return curl_easy_getinfo(transfer, which, number);
}

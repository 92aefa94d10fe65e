#include "CPhoneNumber.h"

#include <cstring>
#include <string>

#include <phonenumbers/phonenumberutil.h>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

namespace {

// A number that can only be dialled inside its area ("local only") says too little, so it is not possible either.
int parse(const std::string &text, const std::string &region, std::string *formatted) {
    const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    switch (util->Parse(text, region, &number)) {
    case PhoneNumberUtil::NO_PARSING_ERROR: break;
    case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR:
        // With a plus the code itself is wrong; without one there is none.
        return text.find('+') == std::string::npos ? PV_PHONE_NEEDS_COUNTRY : PV_PHONE_IMPOSSIBLE;
    case PhoneNumberUtil::TOO_SHORT_AFTER_IDD:
    case PhoneNumberUtil::TOO_SHORT_NSN:
    case PhoneNumberUtil::TOO_LONG_NSN: return PV_PHONE_IMPOSSIBLE;
    default: return PV_PHONE_MALFORMED;
    }
    if (number.has_extension()) return PV_PHONE_HAS_EXTENSION;
    if (util->IsPossibleNumberWithReason(number) != PhoneNumberUtil::IS_POSSIBLE) return PV_PHONE_IMPOSSIBLE;
    util->Format(number, PhoneNumberUtil::E164, formatted);
    return 1;
}

}  // namespace

int pv_phone_e164(const char *text, size_t length, const char *region, char *out, size_t capacity) {
    const std::string input(text, length);
    std::string formatted;
    if (const int status = parse(input, region, &formatted); status != 1) return status;
    if (formatted != input) {
        // Invented numbers such as +44 0028… lose another trunk zero each time they are read.
        std::string again;
        if (parse(formatted, "ZZ", &again) != 1 || again != formatted) return PV_PHONE_IMPOSSIBLE;
    }
    if (formatted.size() > capacity) return PV_PHONE_NO_SPACE;
    std::memcpy(out, formatted.data(), formatted.size());
    return static_cast<int>(formatted.size());
}

int pv_phone_region_known(const char *region) {
    return PhoneNumberUtil::GetInstance()->GetCountryCodeForRegion(region) != 0;
}

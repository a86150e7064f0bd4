// What the kernels read: the sections of one segment, and what is worked out of them at opening.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace didban {

constexpr int kSymbols = 32, kRow = 16, kMaxParts = 8, kBands = 10, kBandWidth = 8;
constexpr int kScale = 255, kSlope = 153, kTransposition = 28, kShort = 6, kMinForTypos = 3;
constexpr int kMatched = 10, kUnmatchedQuery = 5, kUnmatchedName = 2, kGain = 40;
constexpr int kInitialSimilarity = 200, kPrefixSimilarity = 225, kMinRarity = 16;
constexpr int kSameYears = 80, kOtherYears = -160;
constexpr uint32_t kClasses = 65536, kOverflow = 65535, kBlock = 64;

struct Sections {
    const uint8_t *form_codes, *form_length, *form_unvocalised, *token_rarity, *token_initial;
    const uint16_t *form_weight, *token_class, *record_class, *record_years;
    const uint32_t *form_mask, *form_token, *length_start, *key_form, *token_frequency;
    const uint32_t *posting_start, *posting, *single_start, *single_name;
    const uint32_t *name_start, *name_token, *name_record;
    const uint64_t *key;
    size_t forms, keys, tokens, names, records, classes, postings, singles, name_tokens;
};

inline bool rising(const uint32_t *start, size_t rows, size_t end, uint32_t widest = ~0u) {
    bool right = start[rows] <= end;
    for (size_t i = 0; i < rows; ++i) right &= start[i] <= start[i + 1] && start[i + 1] - start[i] <= widest;
    return right;
}

template <typename T>
inline bool below(const T *values, size_t n, size_t limit, size_t step = 1) {
    T most = 0;
    for (size_t i = 0; i < n; ++i) most = std::max(most, values[i * step]);
    return !n || most < limit;
}

// Whether every offset and number lies within what it points into: then a damaged file may give
// wrong answers, but is never read or written beyond its end. One pass over the index when it is
// opened, at the speed of memory.
inline bool is_sound(const Sections &s) {
    return rising(s.length_start, kRow + 1, s.forms) && rising(s.posting_start, s.tokens, s.postings) &&
           rising(s.single_start, s.tokens, s.singles) && rising(s.name_start, s.names, s.name_tokens, kMaxParts) &&
           below(s.form_codes, s.forms * kRow, kSymbols) && below(s.form_length, s.forms, kRow + 1) &&
           below(s.form_token, s.forms, s.tokens) && below(s.key_form, s.keys, s.forms) &&
           below(s.posting, s.postings, s.names, 3) && below(s.single_name, s.singles, s.names) &&
           below(s.name_token, s.name_tokens, s.tokens) && below(s.name_record, s.names, s.records) &&
           below(s.record_class, s.records, s.classes) && below(s.token_initial, s.tokens, kSymbols + 1);
}

// The forms of each token, which the index has by form; made when they are first asked for.
struct TokenForms {
    std::vector<uint32_t> start, form;

    explicit TokenForms(const Sections &s) : start(s.tokens + 1), form(s.forms) {
        for (size_t f = 0; f < s.forms; ++f) ++start[s.form_token[f] + 1];
        for (size_t t = 0; t < s.tokens; ++t) start[t + 1] += start[t];
        std::vector<uint32_t> next(start);
        for (size_t f = 0; f < s.forms; ++f) form[next[s.form_token[f]]++] = uint32_t(f);
    }
};

// Small tables over the vocabulary that say early what need not be looked at.
struct Guides {
    struct Block {
        uint32_t all, any;  // the sounds that all, and that any, of `kBlock` neighbouring forms have
    };
    std::vector<Block> blocks;
    uint32_t unvocalised_from[kRow + 1] = {};      // by length: the first form without vowels
    std::vector<uint32_t> rest;                    // class -> what an unmatched part of it costs at least
    std::vector<uint16_t> initial_classes;         // the classes in which a part begins with a sound,
    uint32_t initial_start[kSymbols + 2] = {};     // from here to the next, by 1 + the sound

    explicit Guides(const Sections &s) : rest(kClasses, kUnmatchedName * kMinRarity) {
        guide_forms(s);
        guide_classes(s);
    }

  private:
    void guide_forms(const Sections &s) {
        blocks.resize((s.forms + kBlock - 1) / kBlock, {~0u, 0});
        for (size_t f = 0; f < s.forms; ++f) {
            blocks[f / kBlock].all &= s.form_mask[f];
            blocks[f / kBlock].any |= s.form_mask[f];
        }
        for (int length = 0; length <= kRow; ++length) {
            const uint8_t *first = s.form_unvocalised + s.length_start[length];
            const uint8_t *last = s.form_unvocalised + s.length_start[length + 1];
            unvocalised_from[length] = uint32_t(std::find(first, last, 1) - s.form_unvocalised);
        }
    }

    void guide_classes(const Sections &s) {
        // A record that was just added is a segment too: only the classes in use are gone through.
        const uint16_t *classes = s.token_class;
        const uint32_t used = s.tokens ? 1u + *std::max_element(classes, classes + s.tokens) : 0;
        std::vector<uint32_t> least(used, 255);
        std::vector<uint64_t> initials(used);
        for (size_t t = 0; t < s.tokens; ++t) {
            const uint16_t cls = s.token_class[t];
            least[cls] = std::min<uint32_t>(least[cls], s.token_rarity[t]);
            initials[cls] |= uint64_t(1) << s.token_initial[t];
        }
        for (uint32_t cls = 0; cls < used; ++cls) rest[cls] = kUnmatchedName * least[cls];
        rest[0] = rest[kOverflow] = 0;
        for (int sound = 1; sound <= kSymbols; ++sound) {
            initial_start[sound] = uint32_t(initial_classes.size());
            for (uint32_t cls = 1; cls < used && cls < kOverflow; ++cls)
                if (initials[cls] >> sound & 1) initial_classes.push_back(uint16_t(cls));
        }
        initial_start[kSymbols + 1] = uint32_t(initial_classes.size());
    }
};

}  // namespace didban

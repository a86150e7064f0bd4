// The parts of the index that are similar to a query part: `reference.Index.expand`.
#pragma once

#include "lanes.hpp"

namespace didban {

struct Match {
    uint32_t token;
    uint16_t cls;
    uint8_t similarity;
};

struct Reading {
    const uint8_t *codes;
    int length;
    bool unvocalised;
    const uint64_t *keys;
    size_t key_count;
};

// A reading as an expansion keeps it.
struct Sounds {
    uint8_t codes[kRow];
    uint8_t length, unvocalised;
};

// What an expansion works with; one for each thread.
struct Desk {
    std::vector<uint8_t> best;      // token -> similarity, while one part is expanded
    std::vector<uint32_t> touched;  // the tokens set in `best`
    std::vector<uint32_t> passing;  // forms that a filter has let through

    explicit Desk(const Sections &s) : best(s.tokens), passing(s.forms + kBlock) {}
};

class Expander {
  public:
    Expander(const Sections &s, const Guides &guides, const Comparison &comparison, const Costs &costs, Desk &desk,
             int cutoff)
        : s_(s), guides_(guides), compare_(comparison), costs_(costs), desk_(desk), cutoff_(cutoff) {}

    // Whether a form that shares a key sounds so; with the highest cutoff, nothing else is kept.
    bool knows(const Reading &r) {
        begin(r);
        by_keys(r);
        for (int table : {0, 1}) flush(table);
        const bool found = !desk_.touched.empty();
        for (uint32_t t : desk_.touched) desk_.best[t] = 0;
        desk_.touched.clear();
        return found;
    }

    void add(const Reading &r, bool prefix) {
        begin(r);
        by_keys(r);
        if (r.length >= kMinForTypos) by_typos(r);
        for (int table : {0, 1}) flush(table);
        if (r.length > 1 && cutoff_ <= kInitialSimilarity) by_initial(r);
        if (prefix) by_prefix(r);
    }

    // Writes out what was found, most similar first, and how many names have such parts; returns how
    // many have any of them.
    uint64_t finish(size_t limit, std::vector<Match> &out, uint64_t *frequencies) {
        out.resize(desk_.touched.size());
        uint32_t start[kScale + 2] = {};
        for (uint32_t t : desk_.touched) ++start[kScale - desk_.best[t] + 1];
        for (int i = 0; i <= kScale; ++i) start[i + 1] += start[i];
        for (uint32_t t : desk_.touched) {
            const uint8_t similarity = desk_.best[t];
            out[start[kScale - similarity]++] = {t, s_.token_class[t], similarity};
            desk_.best[t] = 0;
        }
        desk_.touched.clear();
        for (size_t from = 0, to = 0; from < out.size(); from = to) {
            while (to < out.size() && out[to].similarity == out[from].similarity) ++to;
            std::sort(out.begin() + from, out.begin() + to, [](const Match &a, const Match &b) { return a.token < b.token; });
        }
        if (out.size() > limit) out.resize(limit);
        std::fill(frequencies, frequencies + kBands, 0);
        uint64_t names = 0;
        for (const Match &m : out) {
            const int band = (kScale - m.similarity + kBandWidth - 1) / kBandWidth;
            names += s_.token_frequency[m.token];
            if (band < kBands) frequencies[band] += s_.token_frequency[m.token];
        }
        for (int b = 1; b < kBands; ++b) frequencies[b] += frequencies[b - 1];
        return names;
    }

  private:
    const Sections &s_;
    const Guides &guides_;
    const Comparison &compare_;
    const Costs &costs_;
    Desk &desk_;
    const int cutoff_;
    const Reading *reading_ = nullptr;
    int own_ = 0;
    uint32_t waiting_[2][kLanes] = {};  // forms to be compared, by cost table
    int count_[2] = {};

    void begin(const Reading &r) {
        reading_ = &r, own_ = 0;
        for (int i = 0; i < r.length; ++i) own_ += costs_.insertion[0][r.codes[i]];
    }

    void keep(uint32_t form, int similarity) {
        const uint32_t token = s_.form_token[form];
        uint8_t &best = desk_.best[token];
        if (similarity <= best) return;
        if (!best) desk_.touched.push_back(token);
        best = static_cast<uint8_t>(similarity);
    }

    void compare(uint32_t form) {
        if (!own_ && !s_.form_weight[form]) return;
        const int table = s_.form_unvocalised[form] != reading_->unvocalised;
        waiting_[table][count_[table]] = form;
        if (++count_[table] == kLanes) flush(table);
    }

    void flush(int table) {
        const int n = count_[table];
        if (!n) return;
        count_[table] = 0;
        uint8_t cost[kLanes];
        const Reading &r = *reading_;
        compare_.distances(costs_, r.codes, r.length, s_.form_codes, s_.form_length, waiting_[table], n, table, cost);
        for (int k = 0; k < n; ++k) {
            const uint32_t form = waiting_[table][k];
            const int length = std::max<int>(own_, s_.form_weight[form]);
            int similarity = kScale - kSlope * cost[k] / length;
            if (similarity < cutoff_) continue;
            if (cost[k] == kMost) {  // what a byte cannot tell apart
                similarity = kScale - kSlope * distance(costs_, r.codes, r.length, s_.form_codes + size_t(form) * kRow,
                                                        s_.form_length[form], table) / length;
                if (similarity < cutoff_) continue;
            }
            keep(form, similarity);
        }
    }

    void by_keys(const Reading &r) {
        const uint64_t *end = s_.key + s_.keys;
        for (size_t i = 0; i < r.key_count; ++i)
            for (auto *at = std::lower_bound(s_.key, end, r.keys[i]); at < end && *at == r.keys[i]; ++at)
                compare(s_.key_form[at - s_.key]);
    }

    // One edit changes at most two members of the set of sounds, and one where it changes the length.
    void by_typos(const Reading &r) {
        const int most = r.length <= kShort ? 1 : 2;
        const Places places(r.codes, r.length);
        for (int length = std::max(1, r.length - most); length <= std::min(kRow, r.length + most); ++length) {
            const uint32_t middle = guides_.unvocalised_from[length];
            const uint32_t from = r.unvocalised ? middle : s_.length_start[length];
            const uint32_t to = r.unvocalised ? s_.length_start[length + 1] : middle;
            const uint32_t apart = uint32_t(2 * most - std::abs(length - r.length));
            size_t n = 0;
            for (uint32_t at = from; at < to;) {
                const uint32_t next = std::min(to, (at / kBlock + 1) * kBlock);
                const Guides::Block &block = guides_.blocks[at / kBlock];
                if (ones((places.sounds & ~block.any) | (block.all & ~places.sounds)) <= apart)
                    n += compare_.near_masks(s_.form_mask, at, next, places.sounds, apart, desk_.passing.data() + n);
                at = next;
            }
            n = compare_.near_edits(places, r.length, s_.form_codes, length, most, desk_.passing.data(), n);
            for (size_t k = 0; k < n; ++k) compare(desk_.passing[k]);
        }
    }

    void by_initial(const Reading &r) {
        for (uint32_t form = s_.length_start[1]; form < s_.length_start[2]; ++form)
            if (s_.form_codes[size_t(form) * kRow] == r.codes[0]) keep(form, kInitialSimilarity);
    }

    void by_prefix(const Reading &r) {
        for (uint32_t form = s_.length_start[r.length]; form < s_.forms; ++form)
            if (!std::memcmp(s_.form_codes + size_t(form) * kRow, r.codes, r.length))
                keep(form, kPrefixSimilarity);
    }
};

}  // namespace didban

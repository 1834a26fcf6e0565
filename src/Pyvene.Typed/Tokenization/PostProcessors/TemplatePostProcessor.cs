namespace Pyvene.Typed.Tokenization.PostProcessors;

/// <summary>Joins texts and special tokens by a template; BERT's and RoBERTa's post-processors are templates with a trimming before.</summary>
internal sealed class TemplatePostProcessor(
    IReadOnlyList<TemplatePiece> single,
    IReadOnlyList<TemplatePiece> pair,
    OffsetTrimming? trimming = null) : PostProcessor
{
    public override int AddedCount(bool isPair) => (isPair ? pair : single).Sum(piece => piece.Ids.Count);

    public override List<List<TokenRecord>> Process(List<List<TokenRecord>> texts, bool addSpecialTokens)
    {
        if (trimming is not null)
        {
            texts.ForEach(trimming.Apply);
        }

        var template = texts.Count == 1 ? single : pair;
        var joined = new List<TokenRecord>(texts.Sum(text => text.Count) + AddedCount(texts.Count > 1));
        foreach (var piece in template)
        {
            if (piece.Text is { } index)
            {
                joined.AddRange(texts[index].Select(token => token with { TypeId = piece.TypeId }));
            }
            else if (addSpecialTokens)
            {
                joined.AddRange(piece.Ids.Select(id => new TokenRecord(id, default) { TypeId = piece.TypeId, Sequence = -1 }));
            }
        }

        return [joined];
    }
}

namespace Pyvene.Typed.Tokenization.PostProcessors;

/// <summary>Adds no token; trims offsets if it is given a trimming.</summary>
internal sealed class ByteLevelPostProcessor(OffsetTrimming? trimming) : PostProcessor
{
    public override int AddedCount(bool isPair) => 0;

    public override List<List<TokenRecord>> Process(List<List<TokenRecord>> texts, bool addSpecialTokens)
    {
        if (trimming is not null)
        {
            texts.ForEach(trimming.Apply);
        }

        return texts;
    }
}

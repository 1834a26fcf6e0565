namespace Pyvene.Typed.Tokenization.PostProcessors;

/// <summary>Several post-processors, one after the other.</summary>
internal sealed class PostProcessorSequence(IReadOnlyList<PostProcessor> steps) : PostProcessor
{
    public override int AddedCount(bool isPair) => steps.Sum(step => step.AddedCount(isPair));

    public override List<List<TokenRecord>> Process(List<List<TokenRecord>> texts, bool addSpecialTokens) =>
        steps.Aggregate(texts, (current, step) => step.Process(current, addSpecialTokens));
}

namespace Pyvene.Typed.Models.Gpt2;

/// <summary>Describes GPT-2. Source: Radford et al., Language Models are Unsupervised Multitask Learners, 2019.</summary>
internal static class GPT2Architecture
{
    /// <summary>Gets the architecture; its old checkpoints carry the causal mask of every layer.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "gpt2",
        ClassPrefix = "GPT2",
        LanguageModelClass = "GPT2LMHeadModel",
        BodyName = "transformer",
        TiesHead = true,
        IgnoredEndings = [".attn.bias", ".attn.masked_bias"],
        CreateBody = (architecture, config, device) => new GPT2Model(architecture, config, device),
    };
}

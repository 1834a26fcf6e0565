using Pyvene.Typed.Configuration;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Generation.Processors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Checkpoints.Hub;
using Pyvene.Typed.Tokenization;

namespace Pyvene.Typed.Tests.Fuzzing;

public sealed class MissingValueTests
{
    [Fact]
    public void AMessageThatIsMissingOrLacksItsContentIsNamed()
    {
        ChatMessage?[] missing = [null, new ChatMessage("user", null!), new ChatMessage(null!, "a")];
        Assert.All(missing, message =>
        {
            ChatMessage[] messages = [new("user", "a"), message!];
            Assert.Contains(
                "Message 1 is null",
                Assert.Throws<ArgumentException>(() => Primer.Model.Tokenizer!.ApplyChatTemplate(messages)).Message,
                StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => Primer.Model.Tokenizer!.EncodeChat(messages));
        });
    }

    [Fact]
    public void APromptThatIsMissingIsNoSourceThatIsLeftOut() =>
        Assert.Contains("Source.Skip", Assert.Throws<ArgumentNullException>(() => (SourceInput)(Prompt)null!).Message, StringComparison.Ordinal);

    [Fact]
    public void PartsOfAnExperimentCannotBeMissing()
    {
        Assert.Throws<ArgumentNullException>(() => Steps.Each.And(null!));
        Assert.Throws<ArgumentNullException>(() => Features.In(0..2).And(null!));
        Assert.Throws<ArgumentNullException>(() => new InterventionSpec { Intervention = null!, Site = new SiteSpec() });
        Assert.Throws<ArgumentNullException>(() => new InterventionSpec { Intervention = new Zero(), Site = null! });
        Assert.Throws<ArgumentNullException>(() => Gpt2.Experiment.Apply(Gpt2.Layer(0).MlpOutput, (SourcelessIntervention)null!));
    }

    [Fact]
    public void AnEndThatGrowsLikelyAfterTheLongestTextNeverDoes()
    {
        var greedy = new GenerationOptions { MaxNewTokens = 3 };
        var late = greedy with { ExponentialDecayLengthPenalty = new LengthDecay(int.MaxValue, 2), EosTokenIds = [0] };
        Assert.Equal(
            Primer.Model.Generate("The capital of Spain is", greedy with { EosTokenIds = [0] }).Texts[0],
            Primer.Model.Generate("The capital of Spain is", late).Texts[0]);
    }

    [Fact]
    public void ATokenWithALineBreakIsRefusedBeforeAnythingIsSent() =>
        Assert.Contains(
            "HF_TOKEN", Assert.Throws<ArgumentException>(() => new ModelHub(new HubOptions { Token = "hf_a\nX-Other: b" })).Message, StringComparison.Ordinal);
}

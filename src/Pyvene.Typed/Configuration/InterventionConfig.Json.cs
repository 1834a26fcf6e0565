using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Files;

namespace Pyvene.Typed.Configuration;

public sealed partial record InterventionConfig
{
    /// <summary>Returns the configuration as JSON text; the same configuration always gives the same text.</summary>
    /// <param name="withoutTensors">
    /// Whether interventions that learn are written by their type and sizes alone, so that reading makes new ones with other tensors. Without it they are
    /// refused: <see cref="ExperimentFolder.Save"/> keeps their tensors.
    /// </param>
    /// <exception cref="InterventionException">An intervention would not come back when the text is read: it holds tensors, is a function, or is one of your
    /// own whose type or parameters are not registered; the message
    /// names what would be lost.</exception>
    public string ToJson(bool withoutTensors = false) => ConfigWriter.Write(this, withoutTensors);

    /// <summary>The largest file that is read, in bytes: constants may be long lists of numbers.</summary>
    internal const long LargestFile = 64 << 20;

    /// <summary>Reads a configuration from JSON text.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="InterventionException">
    /// The text is malformed, has an unknown field, or another version; the message names the path to the field.
    /// </exception>
    public static InterventionConfig FromJson(string json) => ConfigReader.Read(json);

    /// <summary>Writes the configuration to a file; an existing file is replaced at once or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="withoutTensors">As in <see cref="ToJson"/>.</param>
    /// <exception cref="InterventionException">An intervention would not come back when the file is read; the message names what would be lost. Nothing is
    /// written.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, bool withoutTensors = false) => WholeFile.Write(path, ToJson(withoutTensors));

    /// <summary>Reads a configuration from a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InterventionException">The file is malformed; the message names the path to the field.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static InterventionConfig Load(string path)
    {
        try
        {
            return FromJson(RegularFile.ReadAllText(path, LargestFile, RegularFile.SystemError(path)));
        }
        catch (InterventionException error)
        {
            throw new InterventionException(error.Field, $"{path}: {error.Message}", error);
        }
    }
}

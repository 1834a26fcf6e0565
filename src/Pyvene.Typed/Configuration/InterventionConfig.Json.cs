using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Configuration;

public sealed partial record InterventionConfig
{
    /// <summary>Returns the configuration as JSON text; the same configuration always gives the same text.</summary>
    /// <exception cref="InterventionException">An intervention is a function, which cannot be written.</exception>
    public string ToJson() => ConfigWriter.Write(this);

    /// <summary>Reads a configuration from JSON text.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="InterventionException">The text is malformed, has an unknown field, or another version; the message names the path to the field.</exception>
    public static InterventionConfig FromJson(string json) => ConfigReader.Read(json);

    /// <summary>Writes the configuration to a file; an existing file is replaced at once or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InterventionException">An intervention is a function, which cannot be written.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => WholeFile.Write(path, ToJson());

    /// <summary>Reads a configuration from a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InterventionException">The file is malformed; the message names the path to the field.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static InterventionConfig Load(string path)
    {
        try
        {
            return FromJson(File.ReadAllText(path));
        }
        catch (InterventionException error)
        {
            throw new InterventionException(error.Field, $"{path}: {error.Message}", error);
        }
    }
}
